import { listNotifications, markNotificationsRead } from '#lib/api/index.ts';
import { toasts } from '#lib/state/toasts.svelte.ts';

/** How much the signed-in person has not read: asked once, then told by the server. */
export class News {
	unread = $state(0);
	/** Steps whenever something was told or read elsewhere, so that an open list loads again. */
	changes = $state(0);

	async load(): Promise<void> {
		const { unread } = await listNotifications({ query: { page_size: 1 } });
		this.unread = unread;
	}

	/** Listen until the answer is called. */
	listen(): () => void {
		// What cannot be counted now is counted with the next news; nobody has to be told.
		this.load().catch(() => undefined);
		return () => undefined;
	}

	told(title: string) {
		this.unread += 1;
		this.changes += 1;
		toasts.show(title);
	}

	async readUpTo(id: string): Promise<void> {
		const { unread } = await markNotificationsRead({ body: { up_to: id } });
		this.unread = unread;
	}
}

export const news = new News();
