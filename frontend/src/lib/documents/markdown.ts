import DOMPurify from 'dompurify';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const TAGS =
	'a blockquote br code del em h1 h2 h3 h4 h5 h6 hr input li ol p pre strong table tbody td th thead tr ul';
const GFM = { extensions: [gfm({ singleTilde: false })], htmlExtensions: [gfmHtml()] };

/** Markdown as nodes without script, style or pictures, whatever was written. */
export function render(text: string): DocumentFragment {
	const fragment = DOMPurify.sanitize(micromark(text, GFM), {
		ALLOWED_TAGS: TAGS.split(' '),
		ALLOWED_ATTR: ['checked', 'href', 'start', 'title'],
		ALLOW_ARIA_ATTR: false,
		ALLOW_DATA_ATTR: false,
		RETURN_DOM_FRAGMENT: true
	});
	for (const link of fragment.querySelectorAll('a')) link.rel = 'noopener noreferrer nofollow';
	// A box that nobody can tick needs no control.
	for (const box of fragment.querySelectorAll('input')) box.replaceWith(box.checked ? '☑' : '☐');
	// Headings stand below that of their section.
	for (const heading of fragment.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
		const lower = document.createElement(`h${Math.min(6, Number(heading.tagName[1]) + 2)}`);
		lower.append(...heading.childNodes);
		heading.replaceWith(lower);
	}
	return fragment;
}
