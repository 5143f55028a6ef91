import { listNotifications, markNotificationsRead } from '#lib/api/index.ts';
import { follow } from '#lib/live/follow.ts';
import { toasts } from '#lib/state/toasts.svelte.ts';

type Told = { notification: { title: string }; 'notifications-read': { unread: number } };

/** How much the signed-in person has not read, kept up to date by the server. */
export class News {
	unread = $state(0);
	/** Steps whenever something was told, or read elsewhere, so that an open list loads again. */
	changes = $state(0);

	async load(): Promise<void> {
		const { unread } = await listNotifications({ query: { page_size: 1 } });
		this.unread = unread;
	}

	/** Listen to what the person is told, until the answer is called. */
	listen(user: string): () => void {
		return follow<Told>({
			topics: [`user:${user}`],
			on: {
				notification: ({ title }) => {
					this.unread += 1;
					this.changes += 1;
					toasts.show(title);
				},
				'notifications-read': ({ unread }) => {
					this.unread = unread;
					this.changes += 1;
				}
			},
			// What cannot be counted now is counted next time; nobody has to be told.
			renew: () => void this.load().catch(() => undefined)
		});
	}

	async readUpTo(id: string): Promise<void> {
		const { unread } = await markNotificationsRead({ body: { up_to: id } });
		this.unread = unread;
	}
}

export const news = new News();
