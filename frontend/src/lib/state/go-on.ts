import { goto } from '$app/navigation';

/** Go on to a path of this site in the place of this page; pages that Django renders are loaded. */
export async function goOn(path: string): Promise<void> {
	try {
		await goto(path, { replace: true });
	} catch {
		location.replace(path); // no route of this app
	}
}
