// The package has no types of its own; these are what we use.
declare module '@alpinejs/csp' {
	interface Magics {
		$el: HTMLElement;
		$root: HTMLElement;
		$refs: Record<string, HTMLElement>;
		$nextTick(callback: () => void): void;
		$dispatch(event: string, detail?: unknown): void;
	}
	interface Alpine {
		data<T extends object>(name: string, component: () => T & ThisType<T & Magics>): void;
		reactive<T extends object>(value: T): T;
		start(): void;
	}
	const alpine: Alpine;
	export default alpine;
}
