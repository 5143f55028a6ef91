import { createConsumer } from '@rails/actioncable';
import type { Present } from '#lib/live/follow.ts';

/** What `DocumentChannel` says: backend/longhouse/documents/realtime.py. Bytes are base64. */
export type Said =
	| {
			type: 'document.sync';
			data: { update: string; state: string; writable: boolean; client: string };
	  }
	| { type: 'document.update'; data: { update: string } }
	| { type: 'document.saved'; data: { id: number } }
	| { type: 'document.refused'; data: { id: number | null; reason: string; detail: string } }
	| { type: 'document.aware'; data: { client: string; user: string; state: unknown } }
	| { type: 'presence.here'; data: Present<{ name: string }>[] }
	| { type: 'presence.joined'; data: Present<{ name: string }> }
	| { type: 'presence.left'; data: { user: string } }
	| { type: 'reset' };

export type Listener = {
	connected: () => void;
	disconnected: () => void;
	/** No right to it, or not any more. */
	rejected: () => void;
	received: (said: Said) => void;
};

export type Line = { perform: (action: string, data: object) => void; close: () => void };

/** A subscription to a document, which comes back by itself. */
export function connect(name: string, listener: Listener): Line {
	const consumer = createConsumer('/cable');
	const subscription = consumer.subscriptions.create(
		{ channel: 'DocumentChannel', name },
		listener
	);
	// A socket takes seconds to notice what the browser knows.
	const offline = () => {
		consumer.disconnect();
		listener.disconnected();
	};
	const online = () => consumer.connect();
	addEventListener('offline', offline);
	addEventListener('online', online);
	return {
		perform: (action, data) => subscription.perform(action, data),
		close() {
			removeEventListener('offline', offline);
			removeEventListener('online', online);
			consumer.disconnect();
		}
	};
}
