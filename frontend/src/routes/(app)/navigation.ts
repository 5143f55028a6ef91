import type { IconName } from '#lib/ui/Icon.svelte';

type Place = { href: string; title: string; icon: IconName; dock: boolean };

/** What the menu offers, in its order. `dock`: on phones too, where there is room for five. */
export const PLACES: readonly Place[] = [
	{ href: '/app', title: 'Dashboard', icon: 'dashboard', dock: true },
	// feature: museum
	{ href: '/app/machines', title: 'Machines', icon: 'machine', dock: true },
	{ href: '/app/reports', title: 'Reports', icon: 'flag', dock: true },
	{ href: '/app/parts', title: 'Parts', icon: 'box', dock: true },
	{ href: '/app/labels', title: 'Labels', icon: 'qr', dock: false },
	// end feature: museum
	{ href: '/app/operations', title: 'Operations', icon: 'flow', dock: false }, // feature: workflows
	{ href: '/app/branches', title: 'Branches', icon: 'branch', dock: false }, // feature: versioning
	{ href: '/app/profile', title: 'Profile', icon: 'user', dock: true }
];

export const GO = [
	{ keys: 'g d', label: 'Go to the dashboard', href: '/app' },
	// feature: museum
	{ keys: 'g m', label: 'Go to machines', href: '/app/machines' },
	{ keys: 'g r', label: 'Go to reports', href: '/app/reports' },
	{ keys: 'g p', label: 'Go to parts', href: '/app/parts' },
	{ keys: 'g l', label: 'Go to labels', href: '/app/labels' },
	// end feature: museum
	{ keys: 'g o', label: 'Go to operations', href: '/app/operations' }, // feature: workflows
	{ keys: 'g b', label: 'Go to branches', href: '/app/branches' }, // feature: versioning
	// feature: accounts
	{ keys: 'g a', label: 'Go to your account', href: '/app/account' },
	{ keys: 'g s', label: 'Go to security', href: '/app/security' },
	// end feature: accounts
	{ keys: 'g n', label: 'Go to notifications', href: '/app/notifications' }, // feature: notifications
	{ keys: 'g u', label: 'Go to your profile', href: '/app/profile' }
];

const OWN = /^\/app\/(profile|account|security)(\/|$)/; // feature: accounts

/** Whether `pathname` lies below `href`. */
export function isIn(href: string, pathname: string): boolean {
	if (href === '/app/profile') return OWN.test(pathname); // feature: accounts
	return href === '/app' ? pathname === href : pathname.startsWith(href);
}
