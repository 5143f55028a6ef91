import type { IconName } from '#lib/ui/Icon.svelte';

type Place = { href: string; title: string; icon: IconName; dock: boolean };

/** The workshop's rooms, in the order of the menu; the first four and the profile fit a phone. */
export const PLACES: readonly Place[] = [
	{ href: '/app', title: 'Dashboard', icon: 'dashboard', dock: true },
	{ href: '/app/machines', title: 'Machines', icon: 'machine', dock: true },
	{ href: '/app/reports', title: 'Reports', icon: 'flag', dock: true },
	{ href: '/app/parts', title: 'Parts', icon: 'box', dock: true },
	{ href: '/app/labels', title: 'Labels', icon: 'qr', dock: false },
	{ href: '/app/profile', title: 'Profile', icon: 'user', dock: true }
];

export const GO = [
	{ keys: 'g d', label: 'Go to the dashboard', href: '/app' },
	{ keys: 'g m', label: 'Go to machines', href: '/app/machines' },
	{ keys: 'g r', label: 'Go to reports', href: '/app/reports' },
	{ keys: 'g p', label: 'Go to parts', href: '/app/parts' },
	{ keys: 'g l', label: 'Go to labels', href: '/app/labels' }
];

/** Whether `pathname` lies in the room of `href`. */
export function isIn(href: string, pathname: string): boolean {
	return href === '/app' ? pathname === href : pathname.startsWith(href);
}
