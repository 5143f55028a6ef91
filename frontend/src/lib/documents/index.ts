export { SharedDocument } from './document.svelte.ts';
export { render } from './markdown.ts';
export { bind } from './textarea.ts';
