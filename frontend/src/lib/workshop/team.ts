import { session } from '#lib/state/session.svelte.ts';

/** Whether the person belongs to those who keep the machines running. */
export const isTeam = () => session.can('museum.view_problemreport');
