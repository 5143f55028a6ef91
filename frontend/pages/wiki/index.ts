import Alpine from '@alpinejs/csp';
import './index.css';
import '../lib/htmx.ts';
import '../lib/live.ts'; // feature: realtime

// Components are registered here, before Alpine starts: templates name them, x-data="compare".

Alpine.start();
