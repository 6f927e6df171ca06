// Compiles what pages are drawn with into a folder outside the repository: one style sheet, two scripts, pictures.
// Run by `make assets`; the folder is the only argument (build/web-assets where none is given).

import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'
import { compile, Logger } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const target = resolve(process.argv[2] ?? 'build/web-assets')
const modules = join(dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')), '..')

rmSync(target, { recursive: true, force: true })
mkdirSync(join(target, 'casework'), { recursive: true })

const { css } = compile(join(here, 'casework.scss'), {
  loadPaths: [join(modules, '..'), join(modules, 'govuk-frontend/dist'), join(modules, '@ministryofjustice/frontend')],
  style: 'compressed',
  quietDeps: true,
  logger: Logger.silent
})
// The crest is gov.uk's alone; the rules that name it stay without a picture.
writeFileSync(join(target, 'casework/casework.css'), css.replace(/url\("\.\/govuk-crest\.svg"\)/g, 'none'))

await build({
  entryPoints: [join(here, 'js/start.js'), join(here, 'js/casework.js')],
  outdir: join(target, 'casework'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  nodePaths: [modules],
  legalComments: 'eof',
  logLevel: 'warning'
})
const pictures = join(modules, '@ministryofjustice/frontend/moj/assets/images')
for (const name of readdirSync(pictures).filter(name => /^icon-(toggle|close|tag|document|arrow|chevron)/.test(name))) {
  cpSync(join(pictures, name), join(target, 'casework', name))
}
cpSync(join(here, 'pictures'), join(target, 'casework'), { recursive: true })
