/** Shows a message at the edge of the page, and tells screen readers; it goes by itself. */
export function say(text: string, level: 'info' | 'error' = 'info'): void {
	const region = document.getElementById('messages');
	if (!region) return;
	const card = document.createElement('p');
	card.className = `alert toast-card ${level === 'error' ? 'alert-error' : 'alert-info'}`;
	card.textContent = text;
	region.append(card);
	setTimeout(() => card.remove(), level === 'error' ? 12_000 : 6_000);
}
