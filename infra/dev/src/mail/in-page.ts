/* What is used here of a browser: the types of all of it would be known to the whole project, where there is none. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}
interface Element {
  readonly parentElement: Element | null;
  readonly clientWidth: number;
  readonly scrollWidth: number;
  closest(selector: string): Element | null;
  checkVisibility(): boolean;
  getBoundingClientRect(): Box;
}
interface Node {
  readonly parentElement: Element | null;
  readonly textContent: string | null;
}
declare const document: {
  readonly documentElement: Element;
  readonly body: Element;
  readonly images: Iterable<{ readonly alt: string }>;
  createTreeWalker(root: Element, what: number): { nextNode(): Node | null };
  createRange(): { selectNodeContents(node: Node): void; getClientRects(): Iterable<Box> };
};
declare function getComputedStyle(element: Element): {
  readonly color: string;
  readonly backgroundColor: string;
  readonly fontSize: string;
};

/** Runs in the page, where its text is sent to: it knows nothing from outside itself. */
export function inspect(): string[] {
  type Colour = readonly [number, number, number, number];
  const read = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const light = ([r, g, b]: Colour): number =>
    [r, g, b]
      .map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
      .reduce((sum, one, n) => sum + one * ([0.2126, 0.7152, 0.0722][n] ?? 0), 0);
  const behind = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1];
    const colour = read(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 ? behind(element.parentElement) : colour;
  };
  const contrast = (element: Element): number => {
    const [a, b] = [light(read(getComputedStyle(element).color)), light(behind(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const { documentElement, body } = document;
  const width = documentElement.clientWidth;
  const boxFaults = (box: Box, room: Box | undefined, about: string): string[] => [
    ...(box.left < 0 || box.right > width + 0.5 ? [`${about} leaves the page`] : []),
    ...(room && (box.right > room.right + 0.5 || box.bottom > room.bottom + 0.5)
      ? [`${about} is cut off`]
      : []),
  ];
  const textFaults = (node: Node, element: Element, about: string): string[] => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const room = element.closest('td')?.getBoundingClientRect();
    const ratio = contrast(element);
    return [
      ...[...range.getClientRects()].flatMap((box) => boxFaults(box, room, about)),
      ...(ratio < 4.5 ? [`${about} has a contrast of ${ratio.toFixed(2)}`] : []),
      ...(Number.parseFloat(getComputedStyle(element).fontSize) < 12 ? [`${about} is too small`] : []),
    ];
  };
  const faults: string[] = [];
  if (Math.max(documentElement.scrollWidth, body.scrollWidth) > width) faults.push('the page is too wide');
  for (const image of document.images) if (!image.alt.trim()) faults.push('an image has no alternative text');
  // 4: texts alone.
  const walker = document.createTreeWalker(body, 4);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (!element || text === '' || !element.checkVisibility()) continue;
    faults.push(...textFaults(node, element, JSON.stringify(text.slice(0, 40))));
  }
  return [...new Set(faults)];
}
