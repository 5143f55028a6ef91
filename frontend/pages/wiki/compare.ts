/** Rides that somebody picks while reading, to be compared: kept until the tab is closed. */

import Alpine from '@alpinejs/csp';
import { say } from '../lib/messages.ts';

interface Ride {
	/** park/ride */
	address: string;
	name: string;
}

const KEY = 'wiki-compare';
const picked = Alpine.reactive({ rides: stored() });

function stored(): Ride[] {
	try {
		return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Ride[];
	} catch {
		return []; // it is turned off, or holds something else
	}
}

function pick(rides: Ride[]) {
	picked.rides = rides;
	try {
		sessionStorage.setItem(KEY, JSON.stringify(rides));
	} catch {
		// Then they last as long as the page.
	}
}

const isPicked = (address: string) => picked.rides.some((ride) => ride.address === address);
const without = (address: string) => picked.rides.filter((ride) => ride.address !== address);

/** A link "Compare", which picks its ride instead: data-ride, data-name, data-most. */
Alpine.data('choice', () => ({
	role: 'button',
	ride: { address: '', name: '' },
	most: 0,
	init() {
		const { ride = '', name = '', most } = this.$el.dataset;
		this.ride = { address: ride, name };
		this.most = Number(most);
	},
	get pressed() {
		return String(isPicked(this.ride.address));
	},
	toggle() {
		if (isPicked(this.ride.address)) {
			pick(without(this.ride.address));
		} else if (picked.rides.length >= this.most) {
			say(`Only ${this.most} rides are compared at once: take one out first.`, 'error');
		} else {
			pick([...picked.rides, { ...this.ride }]);
		}
	}
}));

/** What is picked, at the lower edge of the page: data-href is the page that compares. */
Alpine.data('tray', () => ({
	get rides() {
		return picked.rides.map((ride) => ({ ...ride, label: `Take out ${ride.name}` }));
	},
	get isEmpty() {
		return picked.rides.length === 0;
	},
	get address() {
		const query = new URLSearchParams(picked.rides.map(({ address }) => ['ride', address]));
		return `${this.$root.dataset.href}?${query}`;
	},
	takeOut() {
		pick(without(this.$el.dataset.ride ?? ''));
	},
	clear() {
		pick([]);
	}
}));
