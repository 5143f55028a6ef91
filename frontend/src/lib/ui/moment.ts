/** Times on screen: in the reader's time zone, in the language of the site. */

const LOCALE = 'en-GB';

const STYLES = {
	date: { day: 'numeric', month: 'short', year: 'numeric' },
	day: { weekday: 'short', day: 'numeric', month: 'short' },
	full: {
		weekday: 'short',
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		timeZoneName: 'short'
	}
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type MomentStyle = keyof typeof STYLES;

const formats = new Map<string, Intl.DateTimeFormat>();

/** `at` is ISO 8601; without `zone` the time zone of the device counts. */
export function formatMoment(at: string, style: MomentStyle, zone?: string): string {
	const key = `${style} ${zone}`;
	let format = formats.get(key);
	if (!format) {
		format = new Intl.DateTimeFormat(LOCALE, { ...STYLES[style], timeZone: zone });
		formats.set(key, format);
	}
	return format.format(new Date(at));
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "5 minutes ago", "yesterday"; the date when it is more than a fortnight away. */
export function ago(at: string, now: number, zone?: string): string {
	const seconds = Math.round((Date.parse(at) - now) / 1000);
	const size = Math.abs(seconds);
	if (size < 45) return 'just now';
	if (size < HOUR) return relative.format(Math.round(seconds / MINUTE), 'minute');
	if (size < DAY) return relative.format(Math.round(seconds / HOUR), 'hour');
	if (size < 14 * DAY) return relative.format(Math.round(seconds / DAY), 'day');
	return formatMoment(at, 'date', zone);
}

/** 95 -> "1 h 35 min". */
export function duration(minutes: number): string {
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	return [hours && `${hours} h`, rest && `${rest} min`].filter(Boolean).join(' ');
}
