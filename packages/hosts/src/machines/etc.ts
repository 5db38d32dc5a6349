/** As hosts in namespaces have it: keys are put where no home folder is needed. */
export const sshdSettings = `PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AuthorizedKeysFile /etc/ssh/authorized_keys/%u
`;

/**
 * SSHGUARD as the guide's images have it: with iptables, a chain of its own and the jump to it. Debian's package
 * would take nft sets. A boot that restored saved rules has both already.
 */
export const iptablesForSshguard = {
  settings: `BACKEND="/usr/libexec/sshguard/sshg-fw-iptables"
LOGREADER="LANG=C journalctl -afb -p info -n1 -t sshd -o cat"
THRESHOLD=30
BLOCK_TIME=120
DETECTION_TIME=1800
WHITELIST_FILE=/etc/sshguard/whitelist
`,
  unit: `[Service]
ExecStartPre=
ExecStartPre=-/usr/sbin/iptables -w -N sshguard
ExecStartPre=/bin/sh -c '/usr/sbin/iptables -w -C INPUT -j sshguard || /usr/sbin/iptables -w -A INPUT -j sshguard'
ExecStopPost=
`,
};

/** The machine's console is its log outside: what a server says on its serial line. */
export const journalOnConsole = `[Journal]
ForwardToConsole=yes
MaxLevelConsole=info
`;

/** The workload of the seeded web host. */
export const webServerUnit = (hostname: string) => `[Unit]
Description=Web server
After=network.target

[Service]
ExecStart=/usr/local/bin/node --max-old-space-size=16 --max-semi-space-size=1 /usr/local/lib/web-server/web-server.ts ${hostname}
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;
