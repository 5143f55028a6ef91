import { asProblem, LIMITS } from '#lib/api/index.ts';
import { fetchWithProgress } from '#lib/api/upload.ts';

export type Upload = {
	readonly id: number;
	readonly name: string;
	/** Object URL of the picture on this device. */
	readonly preview: string;
	/** 0 to 1. */
	progress: number;
	error: string;
};

type Send<T> = (file: File, fetch: typeof globalThis.fetch) => Promise<T>;

/** Pictures on their way to the server, one after the other; failed ones stay, with the reason. */
export class Uploads<T> {
	items = $state<Upload[]>([]);
	#send: Send<T>;
	#added: (result: T) => unknown;
	#queue: Promise<unknown> = Promise.resolve();
	#last = 0;

	constructor(send: Send<T>, added: (result: T) => unknown) {
		this.#send = send;
		this.#added = added;
	}

	add(files: Iterable<File>): Promise<unknown> {
		for (const file of files) {
			const error = refuse(file);
			const id = ++this.#last;
			const preview = URL.createObjectURL(file);
			this.items.push({ id, name: file.name, preview, progress: 0, error });
			if (!error) this.#queue = this.#queue.then(() => this.#upload(id, file));
		}
		return this.#queue;
	}

	dismiss(id: number) {
		const upload = this.items.find((item) => item.id === id);
		if (upload) URL.revokeObjectURL(upload.preview);
		this.items = this.items.filter((item) => item.id !== id);
	}

	/** Free the previews when the component goes. */
	clear() {
		for (const { preview } of this.items) URL.revokeObjectURL(preview);
	}

	async #upload(id: number, file: File) {
		const item = this.items.find((item) => item.id === id);
		if (!item) return;
		try {
			const progress = fetchWithProgress((share) => {
				item.progress = share;
			});
			const result = await this.#send(file, progress);
			this.dismiss(id);
			this.#added(result);
		} catch (error) {
			const problem = asProblem(error);
			item.error = problem.of('file').join(' ') || problem.message;
		}
	}
}

/** What the server would refuse anyway, said before anything is sent. */
function refuse(file: File): string {
	if (!file.type.startsWith('image/')) return 'This is not a picture.';
	const most = LIMITS.imageBytes;
	if (file.size > most) return `The picture is larger than ${Math.floor(most / 2 ** 20)} MB.`;
	return '';
}
