import type { StepOut, StepState, StretchOut } from '#lib/api/index.ts';

/** A step on the line of an operation, and on the way back what took it back. */
export type GraphNode = { step: StepOut; undo: StepOut | undefined; onWayBack: boolean };

/** The steps in their order; the way back leads from the last of them to the first one undone. */
export function nodes(steps: readonly StepOut[]): GraphNode[] {
	const undos = new Map(steps.filter(({ undoes }) => undoes !== null).map((s) => [s.undoes, s]));
	const own = steps.filter(({ undoes }) => undoes === null);
	const first = own.findIndex(({ key }) => undos.has(key));
	return own.map((step, at) => ({
		step,
		undo: undos.get(step.key),
		onWayBack: first >= 0 && at >= first
	}));
}

const PITCH = 14;
const SIDE = 11;
const FAN = 36;
const MOST_COLUMNS = 40;

export type Fan = {
	width: number;
	height: number;
	squares: { state: StepState; d: string }[];
	branches: string;
};

/**
 * The items of a map as squares, row by row, behind branches that come from one point. One path for
 * each state: however many items there are, a handful of elements is drawn.
 */
export function fan(strip: readonly StretchOut[]): Fan {
	const total = strip.reduce((sum, { count }) => sum + count, 0);
	const columns = Math.max(1, Math.min(MOST_COLUMNS, total));
	const rows = Math.max(1, Math.ceil(total / columns));
	const paths = new Map<StepState, string[]>();
	let at = 0;
	for (const { state, count } of strip) {
		const path = paths.get(state) ?? [];
		paths.set(state, path);
		for (const end = at + count; at < end; at++) {
			const x = FAN + (at % columns) * PITCH;
			const y = Math.floor(at / columns) * PITCH;
			path.push(`M${x} ${y}h${SIDE}v${SIDE}h-${SIDE}z`);
		}
	}
	const height = rows * PITCH - (PITCH - SIDE);
	const middle = height / 2;
	const branches = Array.from({ length: rows }, (_, row) => {
		const y = row * PITCH + SIDE / 2;
		return `M0 ${middle}C${FAN / 2} ${middle} ${FAN / 2} ${y} ${FAN - 5} ${y}`;
	});
	return {
		// A few items do not fill the page.
		width: FAN + columns * PITCH - (PITCH - SIDE),
		height,
		squares: [...paths].map(([state, path]) => ({ state, d: path.join('') })),
		branches: branches.join('')
	};
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 10 min": how long something took, or takes until `now`. */
export function took(from: string, to: string | null, now = Date.now()): string {
	// The clock of the device may be slow.
	const seconds = Math.max(0, ((to ? Date.parse(to) : now) - Date.parse(from)) / 1000);
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	const minutes = Math.floor(whole / 60);
	if (minutes < 60) return `${minutes} min ${whole % 60} s`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A key as a title: "add orders" -> "Add orders". */
export function inWords(key: string): string {
	return key.charAt(0).toUpperCase() + key.slice(1).replaceAll('_', ' ');
}
