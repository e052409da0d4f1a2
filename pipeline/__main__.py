"""`python -m pipeline`: the command line."""

import signal

if __name__ == "__main__":
    # Until the command line is there to answer Ctrl-C with a sentence, it just ends the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from pipeline.cli import main

    main()
