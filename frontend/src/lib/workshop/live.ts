import { follow, type Present } from '#lib/live/follow.ts';

/** What the server tells the team: apps/museum/realtime.py. */
type WorkshopEvents = {
	'report.opened': { report: string };
	/** Null: any of them. */
	'report.changed': { report: string | null };
	'work.logged': { machine: string; report: string | null };
	/** Null: a picture of the machine itself. */
	'photo.changed': { machine: string; report: string | null };
};
export type Colleague = Present<{ name: string }>;

/** Call `renew` whenever something has happened in the workshop. */
export function followWorkshop(renew: () => void): () => void {
	return follow<WorkshopEvents>({
		topics: ['workshop'],
		on: { 'report.opened': renew, 'report.changed': renew, 'work.logged': renew },
		renew
	});
}

/** Call `renew` whenever something has happened to one machine. */
export function followMachine(slug: string, renew: () => void): () => void {
	const concerns = ({ machine }: { machine: string }) => {
		if (machine === slug) renew();
	};
	return follow<WorkshopEvents>({
		topics: ['workshop'],
		on: { 'photo.changed': concerns, 'work.logged': concerns },
		renew
	});
}

/** The same for one report, and be seen at it; `met` hears who is, oneself included. */
export function followReport(
	id: string,
	renew: () => void,
	met: (people: Colleague[]) => void
): () => void {
	const concerns = ({ report }: { report: string | null }) => {
		if (report === null || report === id) renew();
	};
	return follow<WorkshopEvents, Colleague['meta']>({
		topics: ['workshop'],
		present: [`report:${id}`],
		on: {
			'report.changed': concerns,
			'work.logged': concerns,
			'photo.changed': ({ report }) => report === id && renew()
		},
		renew,
		people: (_, people) => met(people)
	});
}
