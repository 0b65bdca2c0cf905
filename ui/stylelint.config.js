export default {
  extends: 'stylelint-config-recommended',
  ignoreFiles: ['assets/vendor/**', 'node_modules/**'],
  rules: { 'no-descending-specificity': null },
};
