import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['assets/vendor/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['base/**/*.js', 'component/**/*.js', 'page/**/*.js', 'export/**/*.js'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: globals.browser },
    rules: {
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': ['error', ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write'].map((property) => ({ property }))],
    },
  },
  { files: ['page/diagram/diagram.js', 'export/export.js'], languageOptions: { sourceType: 'script' } },
];
