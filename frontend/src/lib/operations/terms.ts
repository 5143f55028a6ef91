import { type Kind, LABELS, type RunState, type StepOut, type StepState } from '#lib/api/index.ts';
import type { IconName } from '#lib/ui/Icon.svelte';

/** How the states of operations and steps look; what they are called, Django says. */

type Look = { dot: string; fill: string; ring: string; icon?: IconName };

const GOOD: Look = {
	dot: 'bg-success',
	fill: 'fill-success',
	ring: 'border-success text-success',
	icon: 'check'
};
const BAD: Look = {
	dot: 'bg-error',
	fill: 'fill-error',
	ring: 'border-error text-error',
	icon: 'close'
};
const BUSY: Look = { dot: 'bg-info', fill: 'fill-info', ring: 'border-info text-info' };
const LATE: Look = {
	dot: 'bg-warning',
	fill: 'fill-warning',
	ring: 'border-warning text-warning',
	icon: 'again'
};
const IDLE: Look = {
	dot: 'bg-base-content/30',
	fill: 'fill-base-content/20',
	ring: 'border-base-300 text-(--ink-soft)',
	icon: 'hourglass'
};
const OFF: Look = {
	dot: 'bg-base-content/50',
	fill: 'fill-base-content/50',
	ring: 'border-base-content/50 text-(--ink-soft)',
	icon: 'close'
};

export const RUN_LOOKS: Record<RunState, Look> = {
	running: BUSY,
	undoing: LATE,
	succeeded: GOOD,
	failed: BAD,
	cancelled: OFF
};

export const STEP_LOOKS: Record<StepState, Look> = {
	pending: IDLE,
	running: BUSY,
	retrying: LATE,
	waiting: IDLE,
	succeeded: GOOD,
	failed: BAD,
	cancelled: OFF
};

export const RUN_STATE: Record<RunState, string> = LABELS.RunState;
export const STEP_STATE: Record<StepState, string> = LABELS.StepState;

export const RUN_STATES = Object.keys(RUN_STATE) as RunState[];

/** The states of items as their legend tells them: what went wrong comes first. */
export const ITEM_STATES: StepState[] = [
	'failed',
	'retrying',
	'running',
	'succeeded',
	'cancelled',
	'pending'
];

const RESTS: Kind[] = ['sleep', 'wait'];

/** What a step does now: a map that waits for its items is at work. */
export function stateOf({ kind, state }: Pick<StepOut, 'kind' | 'state'>): StepState {
	return state === 'waiting' && !RESTS.includes(kind) ? 'running' : state;
}

export const hasEnded = (state: RunState) => state !== 'running' && state !== 'undoing';
