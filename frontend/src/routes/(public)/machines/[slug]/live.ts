import {
	getMachine,
	getMachineHistory,
	type MachineOut,
	type PageTimelineItemOut
} from '#lib/api/index.ts';
import { Resource } from '#lib/state/resource.svelte.ts';

/** A machine and the newest page of its history: as built at first, then as they are now. */
export class LiveMachine {
	readonly machine: Resource<MachineOut>;
	readonly history: Resource<PageTimelineItemOut>;

	constructor(machine: MachineOut, history: PageTimelineItemOut) {
		const path = { slug: machine.slug };
		this.machine = new Resource((signal) => getMachine({ path, signal }), machine);
		this.history = new Resource((signal) => getMachineHistory({ path, signal }), history);
	}

	/** The machine was deleted after this page was made. */
	get gone(): boolean {
		return this.machine.problem?.status === 404;
	}

	/** Ask for both; the answer stops asking, as `$effect` wants it. */
	refresh(): () => void {
		this.machine.load();
		this.history.load();
		return () => {
			this.machine.cancel();
			this.history.cancel();
		};
	}
}
