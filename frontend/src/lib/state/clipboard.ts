import { toasts } from './toasts.svelte.ts';

/** Put `text` on the clipboard and say so; false when the browser refuses: no permission, or no https. */
export async function copy(text: string, said: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		toasts.error('This browser does not allow copying. Select the text and copy it by hand.');
		return false;
	}
	toasts.success(said);
	return true;
}
