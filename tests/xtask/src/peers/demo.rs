//! The hub itself with its demo companies, for the browser to look at.

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    failure::{Failure, While},
    house,
    process::{self, Folder, Service, Stop},
};

/// A demo that serves on ports of its own; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Demo {
    addresses: String,
    // In this order they are dropped: the server before its data.
    server: Service,
    _folder: Folder,
}

impl Demo {
    /// Starts the program with fresh data and waits for its addresses.
    ///
    /// # Errors
    /// It ends, or says no address in time.
    pub(crate) fn start(program: &Path) -> Result<Self, Failure> {
        let folder = Folder::new("demo")?;
        let mut demo = Command::new(program);
        for (name, _) in env::vars_os().filter(|(name, _)| is_ours(name)) {
            demo.env_remove(name);
        }
        demo.arg("demo")
            .arg("--data")
            .arg(folder.path().join("data"))
            .arg("--print-addresses");
        for listener in [
            "ENTENTE_LISTEN",
            "ENTENTE_AS2_LISTEN",
            "ENTENTE_SFTP_LISTEN",
            "ENTENTE_SMTP_LISTEN",
        ] {
            demo.env(listener, "127.0.0.1:0");
        }
        demo.current_dir(folder.path()).stdout(Stdio::piped());
        let mut server =
            Service::start("entente", &mut demo, Stop::Terminate, folder.path())?;
        let addresses = addresses(&mut server, &folder)?;
        println!("the demo serves: {addresses}");
        Ok(Self { addresses, server, _folder: folder })
    }

    /// Tells the browser tests where it is.
    ///
    /// # Errors
    /// It did not say where the web is.
    pub(crate) fn tell(&self, command: &mut Command) -> Result<(), Failure> {
        let web = field(&self.addresses, "web").ok_or_else(|| {
            Failure::new(format!("no web address in {}", self.addresses))
        })?;
        command.env("BASE_URL", web);
        for (name, key) in
            [("ENTENTE_AS2", "as2"), ("ENTENTE_SFTP", "sftp"), ("ENTENTE_SMTP", "smtp")]
        {
            if let Some(address) = field(&self.addresses, key) {
                command.env(name, address);
            }
        }
        Ok(())
    }

    /// Keeps what it logged where the other test results are.
    ///
    /// # Errors
    /// The log cannot be copied.
    pub(crate) fn keep_log(&self) -> Result<(), Failure> {
        let from = self.server.log();
        let to = house::ui().join("test-results");
        fs::create_dir_all(&to).while_doing(to.display())?;
        let to = to.join("entente.log");
        fs::copy(from, &to).while_doing(from.display())?;
        println!("the hub's log: {}", to.display());
        Ok(())
    }
}

/// Waits for the line of addresses; whatever else is printed goes to a file.
fn addresses(server: &mut Service, folder: &Folder) -> Result<String, Failure> {
    const PATIENCE: Duration = Duration::from_mins(4);
    let start = Instant::now();
    let output = server.take_output().ok_or_else(|| server.failure("has no output"))?;
    let place = folder.path().join("entente.out");
    let file = File::create(&place).while_doing(place.display())?;
    let said = follow(output, file);
    let mut found = None;
    server.wait_until(PATIENCE, || {
        found = found.take().or_else(|| said.try_recv().ok());
        found.is_some()
    })?;
    println!("ready after {}", process::since(start));
    found.ok_or_else(|| server.failure("said no address"))
}

fn follow(output: ChildStdout, mut file: File) -> mpsc::Receiver<String> {
    let (say, said) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // The file and the listener are for people; the pipe must be emptied either way.
            let _ = writeln!(file, "{line}");
            if field(&line, "web").is_some() {
                let _ = say.send(line);
            }
        }
    });
    said
}

/// The text of a key in one flat line of JSON without escapes, which addresses are.
fn field<'line>(line: &'line str, key: &str) -> Option<&'line str> {
    let rest = line.trim().strip_prefix('{')?;
    let (_, rest) = rest.split_once(&format!("\"{key}\""))?;
    let (text, _) = rest
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?
        .split_once('"')?;
    Some(text)
}

fn is_ours(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with("ENTENTE_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_is_ready_when_it_has_said_its_addresses() {
        let folder = Folder::new("test").unwrap();
        let program = folder.path().join("entente");
        let script = "#!/bin/sh\n\
            echo \"welcome to $1, listening on $ENTENTE_LISTEN\"\n\
            echo '{\"web\":\"http://127.0.0.1:4\",\"as2\":\"\",\"smtp\":\"127.0.0.1:5\"}'\n\
            exec sleep 60\n";
        // Written by another process: a file that is open for writing here cannot be started.
        let mut write = Command::new("sh");
        write.args(["-c", "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh", script]);
        assert!(write.arg(&program).status().unwrap().success());

        let demo = Demo::start(&program).unwrap();
        let mut browser = Command::new("true");
        demo.tell(&mut browser).unwrap();

        let told: Vec<_> = browser.get_envs().collect();
        let base_url = (OsStr::new("BASE_URL"), Some(OsStr::new("http://127.0.0.1:4")));
        assert!(told.contains(&base_url), "{told:?}");
    }

    #[test]
    fn addresses_are_read_from_one_line_and_from_no_other() {
        let line =
            r#"{"web":"http://127.0.0.1:41", "as2" : "http://127.0.0.1:42","smtp":"x"}"#;

        assert_eq!(field(line, "web"), Some("http://127.0.0.1:41"));
        assert_eq!(field(line, "as2"), Some("http://127.0.0.1:42"));
        assert_eq!(field(line, "mail"), None);
        assert_eq!(field("open \"web\": \"now\"", "web"), None);
    }
}
