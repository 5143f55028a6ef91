/** The time in milliseconds, read again every second while `runs` says so; for use in a component. */
export function clock(runs: () => boolean): { readonly now: number } {
	let now = $state(Date.now());
	$effect(() => {
		if (!runs()) return;
		const timer = setInterval(() => {
			now = Date.now();
		}, 1000);
		return () => clearInterval(timer);
	});
	return {
		get now() {
			return now;
		}
	};
}
