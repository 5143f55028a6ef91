/** allauth tells times in Unix seconds. */
export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
