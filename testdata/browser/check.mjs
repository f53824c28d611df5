// Opens pages of the program in a headless Chromium and tells what is wrong with them, a JSON object a line:
// {"page", "view", "problem"}. A page that is well prints nothing. Screenshots and PDFs are left in the folder OUT.
//
//	KNEECHECK_BROWSER=/usr/bin/chromium node check.mjs OUT PAGE.html...
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// An A4 page less its margins of 14 mm, in CSS pixels.
const PRINT_WIDTH = 688
const MAX_PDF_PAGES = 8
const views = [
  { name: 'light', shot: true, width: 1280, axe: true },
  { name: 'dark', shot: true, width: 1280, axe: true, media: { colorScheme: 'dark' } },
  { name: 'phone', shot: true, width: 360 },
  { name: 'phone-dark', width: 360, media: { colorScheme: 'dark' } },
  { name: 'narrow', width: 320 }, // what a page of 1280 is at 400 %
  { name: 'half', width: 500 },
  { name: 'tablet', width: 768 },
  { name: 'print', shot: true, width: PRINT_WIDTH, axe: true, media: { media: 'print' } },
  { name: 'high-contrast', width: 1280, media: { forcedColors: 'active', colorScheme: 'dark' } },
]

const [out, ...pages] = process.argv.slice(2)
if (!process.env.KNEECHECK_BROWSER || pages.length === 0) {
  console.error('usage: KNEECHECK_BROWSER=CHROMIUM node check.mjs OUT PAGE.html...')
  process.exit(2)
}

const browser = await chromium.launch({
  executablePath: process.env.KNEECHECK_BROWSER,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
})
try {
  const left = [...pages]
  const worker = async () => {
    for (let page = left.shift(); page; page = left.shift()) await check(page)
  }
  await Promise.all([worker(), worker()])
} finally {
  await browser.close()
}

async function check(file) {
  const name = basename(file, '.html')
  const url = pathToFileURL(resolve(file)).href
  let view = 'load'
  const tell = problem => console.log(JSON.stringify({ page: name, view, problem }))

  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.on('console', m => tell(`console: ${m.type()}: ${m.text()}`))
  page.on('pageerror', e => tell(`error: ${e.message}`))
  const asked = []
  page.on('request', r => asked.push(r.url()))
  await context.route('**/*', route => (route.request().url() === url ? route.continue() : route.abort()))
  await page.goto(url, { waitUntil: 'load' })

  // A mail is shown inside the page of a mail program: landmarks and regions that scroll are that program's.
  const mail = name.startsWith('mail')
  for (const fault of await page.evaluate(structure, mail)) {
    tell(fault)
  }
  for (const v of views) {
    view = v.name
    await page.emulateMedia({ media: 'screen', colorScheme: 'light', forcedColors: 'none', ...v.media })
    await page.setViewportSize({ width: v.width, height: 900 })
    for (const fault of await page.evaluate(layout, v.name)) {
      tell(fault)
    }
    if (v.axe) {
      await page.evaluate(axe)
      const result = await page.evaluate(options => globalThis.axe.run(document, options), {
        resultTypes: ['violations'],
        ...(mail && { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
      })
      for (const found of result.violations) {
        tell(`axe ${found.id}: ${found.help}: ${found.nodes.map(n => n.target.join(' ')).slice(0, 5).join(', ')}`)
      }
    }
    if (v.shot) await page.screenshot({ path: join(out, `${name}.${v.name}.png`), fullPage: true })
  }

  view = 'pdf'
  await page.emulateMedia({ media: 'print', colorScheme: 'light', forcedColors: 'none' })
  const pdf = join(out, `${name}.pdf`)
  await page.pdf({ path: pdf, preferCSSPageSize: true })
  const whole = await page.evaluate(() => [...document.querySelectorAll('figure, .finding, .next, .flag')].map(e => ({
    what: e.querySelector('h2, h3').textContent,
    parts: [...e.querySelectorAll('h2, h3, svg text, p')].filter(t => t.getClientRects().length > 0).map(t => t.textContent),
  })))
  for (const fault of printed(pdf, whole)) {
    tell(fault)
  }

  view = 'requests'
  for (const other of new Set(asked)) {
    if (other !== url && other !== 'data:,') {
      tell(`asked for ${other}`)
    }
  }
  await context.close()
}

// structure looks at what does not change with the size of the window. It runs in the page.
function structure(mail) {
  const faults = []
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const text = e => (e ? e.textContent.trim() : '')

  let level = 0
  for (const h of all('h1, h2, h3, h4, h5, h6')) {
    const now = Number(h.tagName[1])
    if (now > level + 1) faults.push(`heading "${text(h)}" is of level ${now} below one of level ${level}`)
    if (text(h) === '') faults.push(`an empty heading of level ${now}`)
    level = now
  }
  if (all('h1').length !== 1) faults.push(`${all('h1').length} headings of level 1`)
  const ids = all('[id]').map(e => e.id)
  if (new Set(ids).size !== ids.length) faults.push('an id is given twice')

  const flag = document.querySelector('#flag')
  if (flag && (document.querySelector('main > section') !== flag.closest('section') || all('figure, table, .badge, #found').length > 0)) {
    faults.push('a red flag is not first and alone')
  }
  for (const svg of all('svg')) {
    const title = text(svg.querySelector(':scope > title'))
    if (svg.getAttribute('role') !== 'img') faults.push(`picture "${title}" has no role img`)
    if (title === '' || text(svg.querySelector(':scope > desc')) === '') faults.push(`picture "${title}" has no title or description`)
    for (const id of (svg.getAttribute('aria-labelledby') || '').split(' ')) {
      if (text(document.getElementById(id)) === '') faults.push(`picture "${title}" is labelled by "${id}", which says nothing`)
    }
    const figure = svg.closest('figure')
    if (!figure || text(figure.querySelector('figcaption')) === '') faults.push(`picture "${title}" has no caption`)
    if (!figure || all('table tbody tr', figure).length === 0) faults.push(`picture "${title}" has no table of its figures`)
  }
  for (const table of mail ? [] : all('table')) {
    const columns = all('thead th', table).length
    if (columns === 0 || all('tbody tr', table).some(tr => tr.children.length !== columns)) faults.push('a table whose rows do not fit its head')
    if (all('thead th', table).some(th => text(th) === '')) faults.push('a table with a column without a name')
    const region = table.closest('[role=region]')
    if (!region || region.tabIndex !== 0 || !(region.getAttribute('aria-label') || region.getAttribute('aria-labelledby'))) {
      faults.push('a table outside a region of its own that has a name and takes the keyboard')
    }
  }
  for (const e of all('*')) {
    const s = getComputedStyle(e)
    if (s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0) faults.push(`${e.tagName} moves`)
  }
  return faults
}

// layout looks at one size of window. It runs in the page.
function layout(view) {
  const faults = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 0.5 && !e.closest('.scroll'))
    faults.push(`is ${root.scrollWidth} wide in a window of ${root.clientWidth}: ${wide.slice(0, 3).map(e => e.tagName + '.' + e.className).join(', ')}`)
  }
  for (const e of document.querySelectorAll('h1, h2, h3, p, li, dt, dd, figcaption, summary, svg')) {
    const box = e.getBoundingClientRect()
    if (box.width > 1.5 && (box.left < -0.5 || box.right > root.clientWidth + 0.5)) faults.push(`is cut at the side: "${e.textContent.trim().slice(0, 40)}"`)
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.tagName !== 'svg') faults.push(`runs over its box: "${e.textContent.trim().slice(0, 40)}"`)
  }
  if (view === 'print') {
    for (const table of document.querySelectorAll('table')) {
      if (table.getBoundingClientRect().right > root.clientWidth + 0.5) faults.push('a table is cut by the edge of the paper')
    }
  }

  // Colours as the screen has them; canvas turns every notation into numbers.
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = colour => {
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = colour
    pen.fillRect(0, 0, 1, 1)
    return [...pen.getImageData(0, 0, 1, 1).data]
  }
  const luminance = c => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const v = c[i] / 255
    return sum + weight * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  }, 0)
  const paper = luminance(rgba(getComputedStyle(document.body).backgroundColor))
  const contrast = colour => {
    if (colour === 'none' || colour.startsWith('url') || rgba(colour)[3] < 128) return 1
    const l = luminance(rgba(colour))
    return (Math.max(l, paper) + 0.05) / (Math.min(l, paper) + 0.05)
  }
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect()
    const scale = frame.width / svg.viewBox.baseVal.width
    const name = svg.getAttribute('aria-labelledby').split(' ')[0]
    const texts = [...svg.querySelectorAll('text')].map(e => ({ e, box: e.getBoundingClientRect(), words: e.textContent }))
    const small = texts.map(({ e }) => parseFloat(getComputedStyle(e).fontSize) * scale).filter(size => size < 9)
    if (small.length > 0) faults.push(`${name}: ${small.length} labels are as small as ${Math.min(...small).toFixed(1)} px`)
    texts.forEach(({ e, box, words }, i) => {
      const style = getComputedStyle(e)
      if (contrast(style.fill) < 4.5) faults.push(`${name}: "${words}" has a contrast of ${contrast(style.fill).toFixed(1)}`)
      if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2) {
        faults.push(`${name}: "${words}" is cut by the picture's edge`)
      }
      for (const other of texts.slice(i + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
        // The boxes of letters hold room above and below them that is empty.
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)
        if (across > 0.5 && down > 0.25 * Math.min(box.height, other.box.height)) faults.push(`${name}: "${words}" and "${other.words}" overlap`)
      }
    })
    // What carries a figure must be seen against the paper by its filling or by its edge (WCAG 2.2, 1.4.11).
    const seen = new Set()
    for (const mark of svg.querySelectorAll('.bar, .dot, .ground, .own, .before, .limit')) {
      const style = getComputedStyle(mark)
      const best = Math.max(contrast(style.fill), contrast(style.stroke))
      const what = mark.getAttribute('class')
      if (best < 3 && !seen.has(what)) faults.push(`${name}: a mark of class "${what}" has a contrast of ${best.toFixed(1)}`)
      seen.add(what)
    }
  }
  return faults
}

// printed looks at the paper: a chart, a finding and the next step each stand on one page with all their words.
function printed(pdf, whole) {
  const text = execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', pdf, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 })
  const squeeze = s => s.normalize('NFKC').replace(/[\s\u00ad]+/g, '')
  const sheets = text.split('\f').slice(0, -1).map(squeeze)
  const faults = []
  if (sheets.length > MAX_PDF_PAGES) faults.push(`takes ${sheets.length} pages of paper`)
  sheets.forEach((s, i) => {
    if (s.length < 20) faults.push(`page ${i + 1} of the paper is empty`)
  })
  for (const { what, parts } of whole) {
    // What is written from right to left comes back in another order.
    const words = parts.map(squeeze).filter(s => s !== '' && !/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(s))
    if (!sheets.some(sheet => words.every(w => sheet.includes(w)))) {
      const best = Math.max(...sheets.map(sheet => words.filter(w => sheet.includes(w)).length))
      faults.push(`"${what}" is not whole on one page of paper: ${best} of ${words.length} pieces`)
    }
  }
  return faults
}
