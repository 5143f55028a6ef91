/** The theme choice as reactive state. theme/theme.js owns it: it ran before this and outlives it. */
export class Theme {
	choice = $state<ThemeChoice>('auto');

	constructor() {
		if (typeof document === 'undefined') return;
		this.choice = window.longhouseTheme.choice;
		document.addEventListener('themechange', () => {
			this.choice = window.longhouseTheme.choice;
		});
	}

	change(choice: ThemeChoice) {
		if (choice !== this.choice) window.longhouseTheme.change(choice);
	}
}

export const theme = new Theme();
