// What is measured inside a page. Each function is sent to the browser alone, and so stands by itself.
'use strict';

/** Return what is lost, cut off, overlapped or too pale on the page as it is shown now. */
function faults({ print, forced }) {
  const found = [];
  const name = (node) => {
    const box = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const own = box.id ? `#${box.id}` : box.className && typeof box.className === 'string' ? `.${box.className.trim().split(/\s+/)[0]}` : '';
    const near = own ? '' : ` in ${(box.closest('[id]') || document.body).id || 'body'}`;
    return `${box.localName}${own}${near} “${(box.textContent || '').trim().slice(0, 30)}”`;
  };
  // Hidden on purpose from eyes, not from ears.
  const unseen = (box) => box.closest('.unseen, .skip, thead, [hidden], head, title, desc');
  const hiddenInPrint = (box) => print && box.closest('.top, footer, .skip, .back, nav');

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth} px`);

  // What has no box is never jumped to.
  for (const marker of document.querySelectorAll('.pagebreak')) {
    if (!marker.getClientRects().length) found.push(`cannot be jumped to: #${marker.id}`);
  }

  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const box = node.parentElement;
    if (!node.data.trim() || box.closest('script, style')) continue;
    if (hiddenInPrint(box)) {
      if (box.closest('.top, .skip') && box.checkVisibility()) found.push(`shown in print: ${name(node)}`);
      continue;
    }
    if (unseen(box)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((r) => r.width > 0.5 && r.height > 0.5);
    if (!rects.length || !box.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
      found.push(`not to be seen: ${name(node)}`);
      continue;
    }
    words.push({ node, box, rects });
  }

  // Off the page's edge.
  for (const { node, rects } of words) {
    const over = rects.find((r) => r.left < -1 || r.right > root.clientWidth + 1);
    if (over && !print) found.push(`beyond the edge (${Math.round(over.left)}–${Math.round(over.right)} px): ${name(node)}`);
  }

  // Cut off by its own box.
  for (const box of document.body.querySelectorAll('*')) {
    if (unseen(box) || box instanceof SVGElement || hiddenInPrint(box)) continue;
    const style = getComputedStyle(box);
    if (style.display === 'inline' || style.display === 'none' || style.display === 'contents') continue;
    const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
    const wider = box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0;
    const taller = box.scrollHeight > box.clientHeight + 1 && style.overflowY !== 'visible';
    if (wider || (clips && taller)) found.push(`too little room (${box.scrollWidth}×${box.scrollHeight} in ${box.clientWidth}×${box.clientHeight} px): ${name(box)}`);
  }

  // Lines upon lines: boxes of text of different blocks that lie over each other by more than a third.
  const block = (box) => box.closest('p,li,h1,h2,h3,h4,h5,h6,dt,dd,td,th,caption,figcaption,a,text');
  const placed = words.flatMap(({ node, box, rects }) => (box instanceof SVGElement ? [] : rects.map((r) => ({ r, node, block: block(box) }))));
  placed.sort((a, b) => a.r.top - b.r.top);
  for (let i = 0; i < placed.length; i += 1) {
    for (let j = i + 1; j < placed.length && placed[j].r.top < placed[i].r.bottom; j += 1) {
      const [a, b] = [placed[i], placed[j]];
      if (!a.block || a.block === b.block || a.block.contains(b.block) || b.block?.contains(a.block)) continue;
      const wide = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
      const high = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
      if (wide > 1 && high > Math.min(a.r.height, b.r.height) / 3) found.push(`one over the other: ${name(a.node)} and ${name(b.node)}`);
    }
  }

  // Contrast (SC 1.4.6: 7:1; large text 4.5:1). Forced colors are the browser's
  // own choice, and need no more than 4.5:1.
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], ground) => [r, g, b].map((c, i) => c * a + ground[i] * (1 - a));
  const luminance = (color) => {
    const [r, g, b] = color.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const dark = matchMedia('(prefers-color-scheme: dark)').matches && getComputedStyle(root).colorScheme.includes('dark') && !print;
  const groundOf = (box) => {
    if (print) return [255, 255, 255]; // browsers print no grounds unless told to
    const layers = [];
    for (let at = box; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((ground, layer) => over(layer, ground), dark ? [18, 18, 18] : [255, 255, 255]);
  };
  for (const { node, box } of words) {
    const style = getComputedStyle(box);
    const ground = groundOf(box);
    const ink = over(rgba(box instanceof SVGElement ? style.fill : style.color), ground);
    const [a, b] = [luminance(ink), luminance(ground)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (forced ? 4.5 : 7)) found.push(`contrast ${ratio.toFixed(2)}:1: ${name(node)}`);
  }
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter((h) => !h.closest('[hidden], nav')).map((h) => +h.localName[1]);
  levels.forEach((level, i) => {
    if (i && level > levels[i - 1] + 1) found.push(`heading of level ${level} after ${levels[i - 1]}`);
  });
  return [...new Set(found)];
}

/** Return every stop of the keyboard, in the order of the page. */
function stops() {
  const path = (node) => `${node.localName} ${[...document.querySelectorAll('*')].indexOf(node)}`;
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((node) => node.checkVisibility())
    .map(path);
}

/** Return which element has the focus and what is to be seen of it. */
function focused() {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const target = node.getAttribute('href');
  return {
    path: `${node.localName} ${[...document.querySelectorAll('*')].indexOf(node)}`,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inSight: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    skips: !!target && target.startsWith('#') && document.querySelector(target)?.matches('main'),
  };
}

module.exports = { faults, stops, focused };
