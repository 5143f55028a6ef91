import { toasts } from '#lib/state/toasts.svelte.ts';

/** Put `text` on the clipboard and say so. */
export async function copy(text: string, said: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(text);
		toasts.success(said);
	} catch {
		toasts.error('This browser does not allow copying. Select the text instead.');
	}
}
