#include <algorithm>

#include "pizwg/command.h"
#include "pizwg/new_certificate.h"

namespace pizwg {

namespace {

constexpr Option passphrase_file{"--passphrase-file", "FILE",
                                 "take the passphrase from the first line of FILE, and\nask nothing"};

// A table.
// NOLINTNEXTLINE(readability-function-size)
std::vector<Command> all_commands() {
  return {
      {.name = "setup",
       .summary = "make the identity of the server and of one client",
       .details = "Makes keys and certificates for pizwg-server and pizwg-client, and a backup of\n"
                  "them. Once, on one host only: every other host takes the backup (pizwg restore).\n",
       .options = new_certificate_options(),
       .run = run_setup},
      {.name = "backup",
       .summary = "write the identity to /root/backup.tar",
       .details = "Writes every key and certificate of this host to one archive, of mode 0600.\n"
                  "Encrypted, it is a CMS file (AES-256-GCM) that openssl opens without PiZWG; its\n"
                  "first lines say how.\n",
       .options = {{"--output", "FILE", "write to FILE instead of /root/backup.tar"},
                   {"--encrypt", "", "with a passphrase, to /root/backup.tar.cms"},
                   passphrase_file},
       .run = run_backup},
      {.name = "restore",
       .operand = Operand::optional,
       .operand_name = "FILE",
       .summary = "take over the identity in a backup",
       .details = "Takes over the identity in FILE, or in /root/backup.tar: of this PiZWG or of the\n"
                  "first one, encrypted or not. A bad archive changes nothing.\n",
       .options = {{"--force", "",
                    "replace a different identity; the old one is kept in\n/root/backup.tar.replaced"},
                   passphrase_file},
       .run = run_restore},
      {.name = "client add",
       .operand = Operand::required,
       .operand_name = "NAME",
       .summary = "make the identity of another client",
       .details = "Makes a key and a certificate for the client NAME, and refreshes the backup.\n",
       .options = new_certificate_options(),
       .run = run_client_add},
      {.name = "client list",
       .summary = "list the clients and their certificates",
       .details = "Lists every certificate of every client: allowed or revoked, its last day, and\n"
                  "its SHA-256 fingerprint.\n",
       .run = run_client_list},
      {.name = "client revoke",
       .operand = Operand::required,
       .operand_name = "NAME",
       .summary = "refuse a client from now on",
       .details = "Revokes the certificates of the client NAME, removes its key from this host, and\n"
                  "refreshes the backup, which then has to be restored on the other hosts.\n",
       .run = run_client_revoke},
      {.name = "status",
       .summary = "show how this host is, or others",
       .details = "Shows how this host is, and what to do next if something is to be done. Exit\n"
                  "status 0 only when the host is fit: it serves, or could take over.\n",
       .options = {{"--json", "", "for programs; docs/status.md has the keys"},
                   {"--watch", "", "again every second, until it is interrupted"},
                   {"--host", "HOST[,…]",
                    "of other hosts, through their node exporters on\nport 9100; of several, a table"}},
       .run = run_status},
      {.name = "doctor",
       .summary = "look for what is wrong, or soon will be",
       .details = "Looks at identity, gateway, hub, network and machine, and says what it found, a\n"
                  "line each, and what to type. Exit status 1 when something is an error. Run it as\n"
                  "root. Each check is explained in docs/doctor.md.\n",
       .options = {{"--json", "", "for programs"},
                   {"--metrics", "FILE",
                    "write FILE for the node exporter's textfile collector\ninstead of a screen"}},
       .run = run_doctor},
      {.name = "handover",
       .summary = "let another host be master",
       .details = "On the master: ends the session, turns the gateway off, and lets another host\n"
                  "take over. Says which one did, and how long that took.\n",
       .options = {{"--force", "", "also when no other host is known to be fit"},
                   {"--wait-dark", "", "like --force, but wait for the gateway to be off only"}},
       .run = run_handover},
      {.name = "maintenance on",
       .summary = "take this host out of service",
       .details = "Turns the gateway off and keeps this host from being master, until maintenance\n"
                  "ends or the machine is started anew. A master hands over first.\n",
       .run = run_maintenance_on},
      {.name = "maintenance off",
       .summary = "put this host back into service",
       .details = "Ends what pizwg maintenance on began.\n",
       .run = run_maintenance_off},
      {.name = "prove",
       .summary = "find out whether this host's gateway works",
       .details = "Turns the gateway on for as long as it takes to see it, a second or two, and off\n"
                  "again. While another host is master both gateways are on the air meanwhile.\n",
       .options = {{"--force", "", "also while another host is master"}},
       .run = run_prove},
      {.name = "provision",
       .operand = Operand::required,
       .operand_name = "CARD",
       .summary = "put keys and identity on a card for its first boot",
       .details = "On any machine with mtools: puts files on the boot partition of CARD, an image\n"
                  "that is not packed any more or the device of a card. The host that boots from it\n"
                  "checks them, takes them over and wipes them; with a key for root no password\n"
                  "lets anybody in any more.\n",
       .options = {{"--ssh-key", "FILE", "who may log in as root: public keys, one a line"},
                   {"--backup", "FILE", "the identity: another host's backup.tar"},
                   {"--config", "FILE", "the configuration: a pizwg.toml"},
                   {"--hostname", "NAME", "the host's name"}},
       .run = run_provision},
      {.name = "upgrade",
       .operand = Operand::optional,
       .operand_name = "PACKAGES",
       .summary = "bring a host made from the image up to date",
       .details = "Upgrades Debian's packages and, from the folder PACKAGES, PiZWG's own; then\n"
                  "starts the machine anew. After that /data/upgrade.txt says whether all is well.\n"
                  "Hand over first (pizwg handover). A new card with the same backup.tar is the\n"
                  "safer way.\n",
       .run = run_upgrade},
  };
}

}  // namespace

std::span<const Command> commands() {
  static const std::vector<Command> table = all_commands();
  return table;
}

const Command* find_command(std::span<const std::string> words) {
  for (std::size_t count : {2U, 1U}) {
    if (words.size() < count) continue;
    const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
    const auto found = std::ranges::find(commands(), name, &Command::name);
    if (found != commands().end()) return &*found;
  }
  return nullptr;
}

}  // namespace pizwg
