/** The paths that Django answers, in development and in production alike. */
const PATHS = [
	...['admin', 'api', 'events', 'health', 'media', 'static', 'ws'],
	...['_allauth', 'accounts'], // feature: accounts
	'cable', // feature: realtime
	'dev', // feature: mail
	'metrics', // feature: metrics
	'wiki' // feature: wiki
];
export const DJANGO = new RegExp(`^\\/(${PATHS.join('|')})(\\/|$)`);
