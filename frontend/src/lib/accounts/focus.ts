import { tick } from 'svelte';

/** For a form in a dialog: typing can begin at once. A dialog itself would choose its close button. */
export function focusFirst(form: HTMLFormElement) {
	tick().then(() => form.querySelector<HTMLInputElement>('input:not([hidden])')?.focus());
}
