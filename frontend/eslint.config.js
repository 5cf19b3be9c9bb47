import js from '@eslint/js';
import globals from 'globals';
import hooks from 'eslint-plugin-react-hooks';
import a11y from 'eslint-plugin-jsx-a11y';
import ts from 'typescript-eslint';

/*
 * Imports point one way: app -> pages -> components -> contexts -> services -> utils. `avatar` and `live` are leaf
 * features: pages use them, they know nothing of pages. A folder that may not be imported is listed by its path part.
 */
const inner = (folder) => ({ regex: `(^|/)${folder}(/|$)`, message: `Imports point downwards; see eslint.config.js.` });
const below = (files, forbidden) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: forbidden.map(inner) }] },
});

const GENERATED = 'src/services/openapi.d.ts';

export default ts.config(
  { ignores: ['dist', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    ignores: [GENERATED],
    extends: [...ts.configs.strictTypeChecked, ...ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: [GENERATED],
    languageOptions: { globals: globals.browser },
    plugins: { 'react-hooks': hooks, 'jsx-a11y': a11y },
    rules: { ...hooks.configs.recommended.rules, ...a11y.flatConfigs.recommended.rules, 'no-console': 'error' },
  },
  { files: ['scripts/**', 'dev/**', '*.js', '*.ts'], languageOptions: { globals: globals.node } },
  { files: ['scripts/shots.mjs'], languageOptions: { globals: globals.browser } },
  below(['src/utils/**'], ['App|StaffApp', 'pages', 'components', 'contexts', 'services', 'avatar', 'live']),
  below(['src/services/**'], ['App|StaffApp', 'pages', 'components', 'contexts', 'live']),
  below(['src/contexts/**'], ['App|StaffApp', 'pages', 'components', 'avatar', 'live']),
  below(['src/components/**'], ['App|StaffApp', 'pages', 'live']),
  below(['src/avatar/**'], ['App|StaffApp', 'pages', 'components', 'contexts', 'services', 'live']),
  below(['src/live/**'], ['App|StaffApp', 'pages']),
  below(['src/pages/**'], ['App|StaffApp']),
  /* Named on the command line, what is ignored is a warning: it is looked at by no rule instead. */
  {
    files: [GENERATED],
    languageOptions: { parser: ts.parser },
    rules: Object.fromEntries(Object.keys(js.configs.recommended.rules).map((rule) => [rule, 'off'])),
  },
);
