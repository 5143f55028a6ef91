import { asProblem, type Deletion, restoreDeletion } from '#lib/api/index.ts';
import { toasts } from '#lib/state/toasts.svelte.ts';

/**
 * Delete at once and offer to take it back, instead of asking first.
 * `after` runs when something was deleted, and again when it came back.
 */
export async function deleteWithUndo(
	name: string,
	remove: () => Promise<Deletion>,
	after: (restored: boolean) => unknown
): Promise<void> {
	try {
		const { deletion_id } = await remove();
		await after(false);
		toasts.show(`${name} deleted`, {
			action: { label: 'Undo', run: () => restore(name, deletion_id, after) }
		});
	} catch (error) {
		toasts.error(asProblem(error).message);
	}
}

async function restore(name: string, deletion_id: string, after: (restored: boolean) => unknown) {
	try {
		await restoreDeletion({ path: { deletion_id } });
		await after(true);
		toasts.success(`${name} is back`);
	} catch (error) {
		toasts.error(asProblem(error).message);
	}
}
