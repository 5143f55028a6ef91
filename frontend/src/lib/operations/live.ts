import { follow } from '#lib/live/follow.ts';

const EVERY = 1000;

/**
 * Call `load` once these topics are followed, and after their events; every second while the stream
 * is down. Once a second at most, one at a time, and not for a page that nobody sees.
 */
export function watch(topics: string[], load: () => Promise<unknown>): () => void {
	let left = false;
	let poll: ReturnType<typeof setInterval> | undefined;
	const look = oneAtATime(async () => {
		if (!left && !document.hidden) await load();
	});
	const stop = follow({
		topics,
		on: { run: look },
		renew: look,
		down(isDown) {
			clearInterval(poll);
			poll = isDown ? setInterval(look, EVERY) : undefined;
		}
	});
	return () => {
		left = true;
		clearInterval(poll);
		stop();
	};
}

/** Call `look` one at a time and once a second at most, however often this is called. */
export function oneAtATime(look: () => Promise<void>): () => void {
	let looking = false;
	let again = false;
	return async function turn() {
		if (looking) {
			again = true;
			return;
		}
		looking = true;
		do {
			again = false;
			await look();
			await new Promise((resolve) => setTimeout(resolve, EVERY));
		} while (again);
		looking = false;
	};
}
