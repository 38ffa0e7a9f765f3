//! A disk in memory that fails on demand, and can be looked at as a crash would leave it.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;

use super::files::{File, Files};

/// The disk. Clones are the same disk.
#[derive(Clone, Default)]
pub struct Disk(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    contents: Vec<Content>,
    faults: Faults,
}

/// What is to go wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The most bytes all files may have.
    pub capacity: Option<usize>,
    /// How many changes (of files or names) succeed before all fail; the one that fails is done in part.
    pub changes_left: Option<usize>,
    /// Syncs fail, though what was written may become durable.
    pub syncs_fail: bool,
}

/// A file: what is durable, and what was done to it since.
#[derive(Clone, Default)]
struct Content {
    durable: Vec<u8>,
    now: Vec<u8>,
    pending: Vec<Pending>,
}

#[derive(Clone)]
enum Pending {
    Write(u64, Vec<u8>),
    Length(u64),
}

impl Pending {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Pending::Write(offset, bytes) => {
                let end = *offset as usize + bytes.len();
                content.resize(content.len().max(end), 0);
                content[*offset as usize..end].copy_from_slice(bytes);
            }
            Pending::Length(length) => content.resize(*length as usize, 0),
        }
    }
}

impl Inner {
    /// Counts a change; the error says that this one fails.
    fn change(&mut self) -> io::Result<()> {
        match &mut self.faults.changes_left {
            None => Ok(()),
            Some(0) => Err(io::Error::other("the power is gone")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    fn used(&self) -> usize {
        self.names.values().map(|id| self.contents[*id].now.len()).sum()
    }
}

impl Disk {
    /// Sets what is to go wrong from now on.
    pub fn fail(&self, faults: Faults) {
        self.0.lock().faults = faults;
    }

    /// The disk as a crash at this moment leaves it. `choose(n)` answers a number below n.
    pub fn crash(&self, mut choose: impl FnMut(usize) -> usize) -> Disk {
        let inner = self.0.lock();
        let names = if choose(2) == 0 { &inner.durable_names } else { &inner.names };
        let mut image = Inner::default();
        for (name, id) in names {
            let content = &inner.contents[*id];
            let mut bytes = content.durable.clone();
            let whole = choose(content.pending.len() + 1);
            for pending in &content.pending[..whole] {
                pending.apply(&mut bytes);
            }
            if let Some(Pending::Write(offset, last)) = content.pending.get(whole) {
                let part = last[..choose(last.len() + 1)].to_vec();
                Pending::Write(*offset, part).apply(&mut bytes);
            }
            image.put(name, bytes);
        }
        Disk(Arc::new(Mutex::new(image)))
    }

    /// A copy of the disk with one file changed.
    pub fn with(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Disk {
        let inner = self.0.lock();
        let mut image = Inner::default();
        for (other, id) in &inner.names {
            image.put(other, inner.contents[*id].now.clone());
        }
        let id = image.names[name];
        let mut bytes = image.contents[id].now.clone();
        change(&mut bytes);
        image.put(name, bytes);
        Disk(Arc::new(Mutex::new(image)))
    }

    /// Changes a byte of a file, under the eyes of those who have it open.
    pub fn damage(&self, name: &str, at: usize) {
        let mut inner = self.0.lock();
        let id = inner.names[name];
        inner.contents[id].now[at] ^= 1;
    }

    /// The names and the bytes of all files.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let inner = self.0.lock();
        inner.names.iter().map(|(name, id)| (name.clone(), inner.contents[*id].now.clone())).collect()
    }
}

impl Inner {
    fn put(&mut self, name: &str, bytes: Vec<u8>) {
        self.contents.push(Content { durable: bytes.clone(), now: bytes, pending: Vec::new() });
        self.names.insert(name.to_owned(), self.contents.len() - 1);
        self.durable_names = self.names.clone();
    }
}

fn missing() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl Files for Disk {
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.0.lock().names.keys().cloned().collect())
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn File>> {
        let mut inner = self.0.lock();
        inner.change()?;
        inner.contents.push(Content::default());
        let id = inner.contents.len() - 1;
        inner.names.insert(name.to_owned(), id);
        Ok(Box::new(Handle { disk: self.clone(), id }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn File>> {
        let id = *self.0.lock().names.get(name).ok_or_else(missing)?;
        Ok(Box::new(Handle { disk: self.clone(), id }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut inner = self.0.lock();
        inner.change()?;
        let id = inner.names.remove(from).ok_or_else(missing)?;
        inner.names.insert(to.to_owned(), id);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut inner = self.0.lock();
        inner.change()?;
        inner.names.remove(name).map(|_| ()).ok_or_else(missing)
    }

    fn sync_directory(&self) -> io::Result<()> {
        let mut inner = self.0.lock();
        inner.change()?;
        inner.durable_names = inner.names.clone();
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(name)
    }
}

struct Handle {
    disk: Disk,
    id: usize,
}

impl File for Handle {
    fn length(&self) -> io::Result<u64> {
        Ok(self.disk.0.lock().contents[self.id].now.len() as u64)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let inner = self.disk.0.lock();
        let content = inner.contents[self.id].now.get(offset as usize..).unwrap_or_default();
        let part = content.get(..buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(part);
        Ok(())
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut inner = self.disk.0.lock();
        let mut result = inner.change();
        let mut part = if result.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        if let Some(capacity) = inner.faults.capacity {
            let room = capacity.saturating_sub(inner.used());
            if part.len() > room {
                part = &part[..room];
                result = Err(io::Error::from(io::ErrorKind::StorageFull));
            }
        }
        let pending = Pending::Write(offset, part.to_vec());
        let content = &mut inner.contents[self.id];
        pending.apply(&mut content.now);
        content.pending.push(pending);
        result
    }

    fn sync(&self) -> io::Result<()> {
        let mut inner = self.disk.0.lock();
        inner.change()?;
        if inner.faults.syncs_fail {
            return Err(io::Error::other("the sync failed"));
        }
        let content = &mut inner.contents[self.id];
        content.durable = content.now.clone();
        content.pending.clear();
        Ok(())
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        let mut inner = self.disk.0.lock();
        inner.change()?;
        let pending = Pending::Length(length);
        let content = &mut inner.contents[self.id];
        pending.apply(&mut content.now);
        content.pending.push(pending);
        Ok(())
    }
}
