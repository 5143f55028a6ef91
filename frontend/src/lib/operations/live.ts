const EVERY = 1000;

/**
 * Call `look` now and every second, one at a time, until it answers false or the returned function
 * is called. A page that nobody sees does not look; it does so at once when it is seen again.
 */
export function follow(look: () => Promise<boolean>): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let over = false;
	let looking = false;

	async function turn() {
		clearTimeout(timer);
		if (over || looking || document.hidden) return;
		looking = true;
		const more = await look();
		looking = false;
		if (!more) stop();
		else if (!over) timer = setTimeout(turn, EVERY);
	}

	function stop() {
		over = true;
		clearTimeout(timer);
		document.removeEventListener('visibilitychange', turn);
	}

	document.addEventListener('visibilitychange', turn);
	turn();
	return stop;
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
