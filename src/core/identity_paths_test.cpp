#include "core/identity_paths.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(IdentityPaths, KnowsTheNamesOfTheFirstPizwg) {
  EXPECT_EQ(parse_identity_path("etc/ser2net/ser2net.key"), (IdentityPath{IdentityFileKind::server_key, ""}));
  EXPECT_EQ(parse_identity_path("etc/ser2net/ser2net.crt"),
            (IdentityPath{IdentityFileKind::server_certificate, ""}));
  EXPECT_EQ(parse_identity_path("root/pizwg-client.pem"),
            (IdentityPath{IdentityFileKind::client_pem, "pizwg-client"}));
  EXPECT_EQ(parse_identity_path("usr/share/ser2net/auth/pizwg-client/allowed_certs/pizwg-client.crt"),
            (IdentityPath{IdentityFileKind::allowed_certificate, "pizwg-client"}));
  EXPECT_EQ(parse_identity_path("usr/share/ser2net/auth/ha/revoked_certs/0A.crt"),
            (IdentityPath{IdentityFileKind::revoked_certificate, "ha"}));
}

TEST(IdentityPaths, MakesWhatItParses) {
  EXPECT_EQ(parse_identity_path(client_pem_path("ha")), (IdentityPath{IdentityFileKind::client_pem, "ha"}));
  EXPECT_EQ(parse_identity_path(allowed_path("ha", "ha.crt")),
            (IdentityPath{IdentityFileKind::allowed_certificate, "ha"}));
  EXPECT_EQ(parse_identity_path(revoked_path("ha", "1.crt")),
            (IdentityPath{IdentityFileKind::revoked_certificate, "ha"}));
}

TEST(IdentityPaths, RefusesEverythingElse) {
  for (const char* path : {"",
                           "/",
                           "/etc/ser2net/ser2net.key",
                           "etc/ser2net/ser2net.key/",
                           "etc/ser2net/../ser2net/ser2net.key",
                           "etc//ser2net/ser2net.key",
                           "etc/passwd",
                           "root/.pem",
                           "root/..pem",
                           "root/../etc/x.pem",
                           "root/a/b.pem",
                           "root/A.pem",
                           "root/backup.tar",
                           "root/.ssh/authorized_keys",
                           "usr/share/ser2net/auth/a.crt",
                           "usr/share/ser2net/auth/../allowed_certs/a.crt",
                           "usr/share/ser2net/auth/a/allowed_certs/.a.crt",
                           "usr/share/ser2net/auth/a/allowed_certs/.crt",
                           "usr/share/ser2net/auth/a/allowed_certs/../a.crt",
                           "usr/share/ser2net/auth/a/allowed_certs/b/a.crt",
                           "usr/share/ser2net/auth/a/allowed_certs/a.pem",
                           "usr/share/ser2net/auth/a/allowed_certs/a b.crt",
                           "usr/share/ser2net/auth/a/other_certs/a.crt",
                           "usr/share/ser2net/auth/a//a.crt",
                           "usr/share/ser2net/auth/a/allowed_certs"}) {
    EXPECT_FALSE(parse_identity_path(path)) << path;
  }
  EXPECT_FALSE(parse_identity_path(allowed_path("a", std::string(77, 'x') + ".crt")));
  EXPECT_TRUE(parse_identity_path(allowed_path("a", std::string(76, 'x') + ".crt")));
}

TEST(IdentityPaths, KnowsTheFoldersAboveTheFilesAndNoOthers) {
  for (const char* folder : {"etc", "etc/ser2net", "root", "usr", "usr/share", "usr/share/ser2net/auth",
                             "usr/share/ser2net/auth/ha", "usr/share/ser2net/auth/ha/allowed_certs",
                             "usr/share/ser2net/auth/ha/revoked_certs"}) {
    EXPECT_TRUE(is_identity_folder(folder)) << folder;
  }
  for (const char* folder :
       {"", ".", "..", "etc/", "etc/ssh", "home", "root/.ssh", "usr/share/ser2net/auth/HA",
        "usr/share/ser2net/auth/ha/certs", "usr/share/ser2net/auth/ha/allowed_certs/x"}) {
    EXPECT_FALSE(is_identity_folder(folder)) << folder;
  }
}

TEST(IdentityPaths, WhatHasAPrivateKeyIsForRootOnly) {
  EXPECT_EQ(mode_of(IdentityFileKind::server_key), 0600u);
  EXPECT_EQ(mode_of(IdentityFileKind::client_pem), 0600u);
  EXPECT_EQ(mode_of(IdentityFileKind::server_certificate), 0644u);
  EXPECT_EQ(mode_of(IdentityFileKind::allowed_certificate), 0644u);
  EXPECT_EQ(mode_of(IdentityFileKind::revoked_certificate), 0644u);
}

}  // namespace
}  // namespace pizwg
