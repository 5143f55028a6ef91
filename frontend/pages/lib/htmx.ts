import htmx from 'htmx.org';
import { say } from './messages.ts';

htmx.config.includeIndicatorCSS = false; // base.css has it
htmx.config.history = 'reload'; // going back asks the server, which knows what has changed since

/** Answers that are no part of a page: what to say instead of putting them into it. */
const REFUSALS: Record<number, string> = {
	401: 'You are signed out. Sign in again.',
	403: 'You may not do this.',
	404: 'This is not there any more.',
	413: 'That is too large.',
	429: 'That was too often. Wait a moment, then try again.'
};

interface Detail {
	ctx?: { response?: { status: number; raw: Response } };
}

document.addEventListener('htmx:before:response', (event) => {
	const response = (event as CustomEvent<Detail>).detail.ctx?.response;
	if (!response) return;
	if (response.raw.redirected) {
		// The answer is another page: sign-in, or where a form leads.
		event.preventDefault();
		location.assign(response.raw.url);
		return;
	}
	const refusal =
		response.status >= 500
			? 'Something went wrong on our side. Nothing was lost: try again.'
			: REFUSALS[response.status];
	if (refusal) {
		event.preventDefault();
		say(refusal, 'error');
	}
});

document.addEventListener('htmx:error', () => {
	say('There is no answer. Check your connection, then try again.', 'error');
});
