// Reads a mail from standard input with a reader of MIME that is not Go's and prints its parts as JSON.
import { text } from 'node:stream/consumers'
import PostalMime from 'postal-mime'

const mail = await PostalMime.parse(await text(process.stdin))
console.log(JSON.stringify({
  from: mail.from?.address ?? '', to: (mail.to ?? []).map(a => a.address), subject: mail.subject ?? '',
  text: mail.text ?? '', html: mail.html ?? '', attachments: mail.attachments.length,
}))
