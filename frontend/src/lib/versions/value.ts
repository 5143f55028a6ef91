/** A field's value as people read it; null for what is empty. */
export function inWords(value: unknown): string | null {
	if (value === null || value === undefined || value === '') return null;
	if (typeof value === 'boolean') return value ? 'Yes' : 'No';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A field's or a model's name as people read it: "opens_at" is "Opens at", "parks.Park" is "Park". */
export function nameInWords(name: string): string {
	const words = name.replace(/^.*\./, '').replace(/_id$/, '').replaceAll('_', ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
