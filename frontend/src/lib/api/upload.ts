/**
 * A `fetch` for uploads that reports progress from 0 to 1, which fetch itself cannot do.
 * Hand it to a generated function as its `fetch` option.
 */
export function fetchWithProgress(onProgress: (share: number) => void): typeof fetch {
	return async (input, init) => {
		const request = new Request(input, init);
		const body = await request.blob();
		return new Promise<Response>((resolve, reject) => {
			const xhr = new XMLHttpRequest();
			xhr.open(request.method, request.url);
			xhr.responseType = 'blob';
			for (const [name, value] of request.headers) xhr.setRequestHeader(name, value);
			xhr.upload.onprogress = ({ lengthComputable, loaded, total }) => {
				if (lengthComputable) onProgress(loaded / total);
			};
			xhr.onload = () => resolve(toResponse(xhr));
			xhr.onerror = () => reject(new TypeError('Upload failed'));
			xhr.onabort = () => reject(new DOMException('Upload cancelled', 'AbortError'));
			request.signal.addEventListener('abort', () => xhr.abort());
			xhr.send(body);
		});
	};
}

function toResponse(xhr: XMLHttpRequest): Response {
	const type = xhr.getResponseHeader('content-type');
	const empty = xhr.status === 204 || xhr.status === 304;
	return new Response(empty ? null : xhr.response, {
		status: xhr.status,
		headers: type ? { 'content-type': type } : {}
	});
}
