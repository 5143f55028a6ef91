/** The paths that Django answers, in development and in production alike. */
export const DJANGO =
	/^\/(api|_allauth|accounts|admin|static|media|ws|events|health)(\/|$)/; // feature: accounts
// without accounts: /^\/(api|admin|static|media|ws|events|health)(\/|$)/;
