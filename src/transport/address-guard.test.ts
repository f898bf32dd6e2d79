import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressRefusal } from '../kit/address.ts'
import { guardedLookup } from './address-guard.ts'
import { UndiciDispatcher } from './undici-dispatcher.ts'

/** Ways to write this machine, this network and metadata services. `PORT` is a real listener. */
const LITERALS = `
  127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0177.0.0.1 0x7f.1
  017700000001 0 0.0.0.0 0x0 00000000 127.0.0.1. [::1] [::] [0:0:0:0:0:0:0:1]
  [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [0:0:0:0:0:ffff:7f00:0001]
  [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:0001::1]
  [2001:0:7f00:1::] [::ffff:0:127.0.0.1] 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255
  192.168.0.1 192.168.1.1 167772161 0xa000001 012.0.0.1 3232235521 0xc0a80001 0300.0250.0.1
  100.64.0.1 100.127.255.255 169.254.169.254 169.254.0.1 2852039166 0xa9fea9fe
  0251.0376.0251.0376 169.254.43518 [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [fe80::1]
  [febf::1] [fec0::1] [fc00::1] [fd00::1] [fd00:ec2::254] [fdff:ffff::1] 100.100.100.200
  168.63.129.16 192.0.0.192 192.0.0.1 192.0.2.1 198.51.100.1 203.0.113.1 224.0.0.1
  239.255.255.255 240.0.0.1 255.255.255.255 [ff02::1] [ff0e::1] [2001:db8::1] [100::1]
  [::ffff:10.0.0.1] [::ffff:192.168.0.1] [64:ff9b::a00:1] [2002:a00:1::]
  metadata.google.internal metadata METADATA.google.internal instance-data
  instance-data.ec2.internal metadata.google.internal. localhost LOCALHOST localhost.
  １２７.０.０.１ 127。0。0。1 %31%32%37.0.0.1 ①②⑦.0.0.1 ⓛocalhost 127.0.0.1%2e 0.0.0.0. [0000::1]
  [::0001] [0:0:0:0:0:0:7f00:1] [::ffff:0.0.0.0] [::ffff:172.16.0.1] [::ffff:100.64.0.1]
  [::10.0.0.1] [::a9fe:a9fe] 172.20.1.1 127.0.0.0 0.1.2.3 [::ffff:224.0.0.1]
`
  .trim()
  .split(/\s+/)

let port = 0
let connections = 0
const server = createServer((socket) => {
  connections++
  socket.destroy()
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

function dial(origin: string, allowPrivate: boolean): Promise<string> {
  const dispatcher = new UndiciDispatcher()
  return new Promise<string>((resolve) => {
    dispatcher.dispatch(
      { origin, tls: { ca: null, verify: true }, allowPrivate },
      { method: 'GET', path: '/', headers: [], body: null },
      {
        onConnected: () => {},
        onHead: () => resolve('answered'),
        onData: () => true,
        onEnd: () => {},
        onError: (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message),
      },
    )
  }).finally(() => void dispatcher.close())
}

describe('the address guard', () => {
  it('knows a hundred ways to write a forbidden address', () => {
    expect(LITERALS.length).toBeGreaterThanOrEqual(100)
  })

  it.each(LITERALS)('never connects to %s', async (host) => {
    const url = URL.parse(`http://${host}:${port}`)
    // What the URL parser refuses cannot be configured at all.
    if (url === null) return
    expect(await dial(url.origin, false)).toMatch(/^(?:EBLOCKED|ENOTFOUND|EAI_AGAIN)$/)
    expect(connections).toBe(0)
  })

  it.each(['169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '100.100.100.200', '224.0.0.1'])(
    'refuses %s even where private addresses are allowed',
    async (host) => {
      expect(await dial(new URL(`http://${host}:${port}`).origin, true)).toBe('EBLOCKED')
    },
  )

  it('connects to this machine where that is allowed', async () => {
    const before = connections
    expect(await dial(`http://127.0.0.1:${port}`, true)).not.toBe('EBLOCKED')
    expect(connections).toBe(before + 1)
  })

  it('judges every address of a name, at the socket', async () => {
    const look = (allow: boolean): Promise<string> =>
      new Promise((resolve) => {
        guardedLookup(allow)('localhost', { all: true }, (error, addresses) =>
          resolve(error?.message ?? JSON.stringify(addresses)),
        )
      })
    expect(await look(false)).toContain('allow_private: true')
    expect(await look(true)).toMatch(/127\.0\.0\.1|::1/)
  })

  it('judges again with every connection, so that a name may not change its mind', async () => {
    const answers = [
      ['93.184.216.34'],
      ['93.184.216.34', '127.0.0.1'],
      ['169.254.169.254'],
      ['::1'],
    ]
    const rebinding = ((_host: string, _options: object, tell: (...all: unknown[]) => void) =>
      tell(
        null,
        answers.shift()?.map((address) => ({ address, family: 4 })),
      )) as never
    const verdicts: string[] = []
    for (let count = 0; count < 4; count++) {
      guardedLookup(false, rebinding)('rebind.example', { all: true }, (error) =>
        verdicts.push(error === null ? 'connects' : (error.code ?? '')),
      )
    }
    expect(verdicts).toEqual(['connects', 'EBLOCKED', 'EBLOCKED', 'EBLOCKED'])
  })

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '198.18.0.7'])('lets %s through', (address) => {
    expect(addressRefusal(address, false)).toBeNull()
  })
})
