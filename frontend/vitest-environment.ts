/** Node without a DOM, running what the browser runs: Svelte compiled for the client. */
export default {
	name: 'client',
	viteEnvironment: 'client',
	setup: () => ({ teardown: () => {} })
};
