/** The paths that Django answers, in development and in production alike. */
export const DJANGO = /^\/(api|_allauth|accounts|admin|static|media|ws|events|health)(\/|$)/; // feature: accounts
// without accounts: export const DJANGO = /^\/(api|admin|static|media|ws|events|health)(\/|$)/;
