// Beside allauth's scripts: says what went wrong with a passkey, and offers passkeys in the autofill
// of the sign-in page.
(() => {
	const form = document.getElementById('mfa_login');
	let offer = new AbortController();

	/** Until one is taken or the button is pressed: browsers let one request wait at a time. */
	async function offerInField() {
		offer = new AbortController();
		const { signal } = offer;
		if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
		try {
			const headers = { accept: 'application/json' };
			const answer = await fetch(form.action, { headers, signal });
			if (!answer.ok) return;
			const { publicKey } = (await answer.json()).request_options;
			const credential = await navigator.credentials.get({
				mediation: 'conditional',
				publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
				signal
			});
			form.elements.credential.value = JSON.stringify(credential);
			form.submit();
		} catch {
			// Nobody took one; the button stays.
		}
	}

	function say(text) {
		const old = document.getElementById('passkey_error');
		const message = old ?? document.createElement('p');
		message.id = 'passkey_error';
		message.className = 'alert alert-error';
		message.role = 'alert';
		message.textContent = text;
		if (!old) document.querySelector('main h1').after(message);
	}

	document.addEventListener('allauth.error', (event) => {
		event.preventDefault();
		const used = event.detail.exception?.name === 'InvalidStateError';
		say(
			used
				? 'This device has a passkey already.'
				: 'No passkey was used. Try again, or choose another way.'
		);
		if (form) offerInField();
	});
	if (form) {
		// Before allauth's own listener, which then asks for a passkey itself.
		document.addEventListener('click', ({ target }) => {
			if (target.closest?.('#passkey_login')) offer.abort();
		}, true);
		offerInField();
	}
})();
