import { asProblem } from '#lib/api/index.ts';

type Row = { version: number };
export type Conflict<F> = { field: keyof F & string; theirs: F[keyof F]; mine: F[keyof F] };

type Source<R extends Row, F> = {
	/** The editable fields of a row. */
	fields: (row: R) => F;
	read: () => Promise<R>;
	write: (version: number, changes: Partial<F>) => Promise<R>;
};

/**
 * Edit a row that others may be editing too.
 *
 * Only changed fields are sent, with the version last seen. When the server says that the row has
 * changed meanwhile, their changes and ours are merged field by field; `save` tries again by itself
 * unless both changed the same field. Those are `conflicts`, to be decided before the next `save`.
 */
export class Edit<R extends Row, F extends object> {
	draft = $state() as F;
	conflicts = $state.raw<Conflict<F>[]>([]);
	#base: F;
	#version: number;
	#source: Source<R, F>;

	constructor(row: R, source: Source<R, F>) {
		this.#source = source;
		this.#base = source.fields(row);
		this.#version = row.version;
		this.draft = source.fields(row);
	}

	get changes(): Partial<F> {
		const changed = this.#names.filter((name) => this.draft[name] !== this.#base[name]);
		return Object.fromEntries(changed.map((name) => [name, this.draft[name]])) as Partial<F>;
	}

	/** The saved row; undefined when there are conflicts to decide. Throws any other Problem. */
	async save(): Promise<R | undefined> {
		this.conflicts = [];
		for (;;) {
			try {
				return await this.#source.write(this.#version, this.changes);
			} catch (error) {
				if (!asProblem(error).stale) throw error;
			}
			await this.#merge();
			if (this.conflicts.length) return undefined;
		}
	}

	/** Give up our change of a field for theirs. */
	takeTheirs({ field, theirs }: Conflict<F>) {
		(this.draft as Record<string, unknown>)[field] = theirs;
		this.#settle(field);
	}

	/** Overwrite theirs with the next `save`. */
	keepMine({ field }: Conflict<F>) {
		this.#settle(field);
	}

	get #names() {
		return Object.keys(this.#base) as (keyof F & string)[];
	}

	#settle(field: string) {
		this.conflicts = this.conflicts.filter((conflict) => conflict.field !== field);
	}

	async #merge() {
		const fresh = await this.#source.read();
		const theirs = this.#source.fields(fresh);
		const mine = this.changes;
		this.conflicts = this.#names
			.filter((name) => name in mine)
			.filter((name) => theirs[name] !== this.#base[name] && theirs[name] !== this.draft[name])
			.map((field) => ({ field, theirs: theirs[field], mine: this.draft[field] }));
		for (const name of this.#names) if (!(name in mine)) this.draft[name] = theirs[name];
		this.#base = theirs;
		this.#version = fresh.version;
	}
}
